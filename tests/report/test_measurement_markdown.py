from inline_snapshot import snapshot

from dockeropt.measure.model import Comparison, ImageSize, Layer, Scenario
from dockeropt.report.markdown import LONGEST
from dockeropt.report.measurement_markdown import MARKER, render_markdown
from tests.measure.examples import AFTER, BEFORE, COMPARISON


def test_a_comment_has_the_figures_and_folds_the_rest() -> None:
    assert render_markdown(COMPARISON) == snapshot("""\
<!-- dockeropt measure -->
### 163 MB unpacked (÷16.4), 56.0 MB compressed (÷20.7), rebuilt in 28.0 s (÷3.5)

|                              |   before |   after |   change |
|------------------------------|----------|---------|----------|
| image, unpacked              | 2,674 MB |  163 MB |    ÷16.4 |
| image, compressed            | 1,159 MB | 56.0 MB |    ÷20.7 |
| cold build                   |   87.0 s |  40.0 s |     ÷2.2 |
| rebuild after a source edit  |   98.0 s |  28.0 s |     ÷3.5 |
|   steps run again            |   2 of 2 |  0 of 1 |          |
| start-up to first answer     |   1.75 s |  0.50 s |     ÷3.5 |
|   requests failed until then |       20 |       0 |      -20 |
| docker stop                  |   10.3 s |  0.30 s |    ÷34.3 |

> one run of each build, medians of 3 starts; MB are 10^6 bytes  \n\
> source edit: a line appended to pages/index.vue in a copy of the context  \n\
> before: what asks while it starts fails: 12 refused until 0.60 s, 8 status 503 until 1.70 s  \n\
> before: healthy 1.20 s before the first answer, 20 requests failed; let HEALTHCHECK ask the app  \n\
> before: killed by docker stop, for SIGTERM does not end it; handle it, or run it under tini  \n\
> after: no step needs pages/index.vue; name one that is used with --source  \n\

<details><summary>Layers</summary>

```text
before
   2,400 MB  base  ADD rootfs.tar /
     274 MB  RUN npm install

after
     163 MB  COPY .output .
```

</details>

<details><summary>Critical paths and slowest steps</summary>

```text
before, cold build: 2 of 2 steps ran
  critical path 85.0 s in a build of 87.0 s
       1.0 s  [2/3] COPY . .
      80.0 s  [3/3] RUN npm install
       4.0 s  exporting to image
  slowest steps
      80.0 s  [3/3] RUN npm install
       1.0 s  [2/3] COPY . .

after, cold build: 1 of 1 steps ran
  a build of 40.0 s
  slowest steps
       0.1 s  [2/2] COPY .output .

before, rebuild after a source edit: 2 of 2 steps ran
  critical path 95.0 s in a build of 98.0 s
       1.0 s  [2/3] COPY . .
      90.0 s  [3/3] RUN npm install
       4.0 s  exporting to image
  slowest steps
      90.0 s  [3/3] RUN npm install
       1.0 s  [2/3] COPY . .

after, rebuild after a source edit: 0 of 1 steps ran
  a build of 28.0 s
```

</details>
""")


def test_what_users_wrote_is_no_markup() -> None:
    image = ImageSize((Layer("RUN echo ```\n<img src=x>", 1, 2, is_base=False),), "engine")
    hostile = AFTER._replace(name="@team <b>|", image=image)
    text = render_markdown(Comparison("app", {Scenario.SOURCE: ("a|b.ts",)}, "1", "2", (BEFORE, hostile)))
    assert "@team" not in text.split("<details>")[0]
    assert "<b>" not in text.split("<details>")[0]
    assert "\n````text\n" in text


def test_a_comment_keeps_to_what_a_platform_takes() -> None:
    layers = tuple(Layer(f"RUN {'x' * 60} {at}", 1, 1, is_base=False) for at in range(2000))
    text = render_markdown(
        COMPARISON._replace(measurements=(AFTER._replace(image=ImageSize(layers, "engine")),))
    )
    assert len(text) < LONGEST
    assert text.startswith(MARKER)
