"""A measurement to show and store."""

from dockeropt.measure.model import (
    BuildTime,
    Comparison,
    EarlyHealth,
    Failing,
    ImageSize,
    Layer,
    Measurement,
    Scenario,
    Startup,
    StepTime,
    Stop,
    Timing,
)

COPIED = StepTime("[2/3] COPY . .", 1.0, False, 0.5)
INSTALLED = StepTime("[3/3] RUN npm install", 80.0, False, 1.5)
EXPORTED = StepTime("exporting to image", 4.0, False, 82.0)

BEFORE = Measurement(
    "before",
    ImageSize(
        (
            Layer("ADD rootfs.tar /", 1_000_000_000, 2_400_000_000, is_base=True),
            Layer("RUN npm install", 159_000_000, 274_000_000, is_base=False),
        ),
        "engine",
    ),
    {
        Scenario.COLD: BuildTime(
            Timing((87.0,)), (COPIED, INSTALLED), (EXPORTED,), (COPIED, INSTALLED, EXPORTED)
        ),
        Scenario.SOURCE: BuildTime(
            Timing((98.0,)),
            (COPIED, INSTALLED._replace(seconds=90.0)),
            (EXPORTED,),
            (COPIED, INSTALLED._replace(seconds=90.0), EXPORTED),
        ),
    },
    Startup(
        Timing((2.0, 1.5, 1.75)),
        3000,
        "/",
        200,
        EarlyHealth(1.2, 20),
        Stop(10.3, was_killed=True),
        (Failing("refused", 12, 0.0, 0.6), Failing("status 503", 8, 0.65, 1.7)),
    ),
)

AFTER = Measurement(
    "after",
    ImageSize((Layer("COPY .output .", 55_960_000, 163_000_000, is_base=False),), "engine"),
    {
        Scenario.COLD: BuildTime(Timing((40.0,)), (StepTime("[2/2] COPY .output .", 0.1, False),)),
        Scenario.SOURCE: BuildTime(Timing((28.0,)), (StepTime("[2/2] COPY .output .", 0.1, True),)),
    },
    Startup(Timing((0.5,)), 3000, "/", 302, stop=Stop(0.3, was_killed=False)),
)

COMPARISON = Comparison("app", {Scenario.SOURCE: ("pages/index.vue",)}, "26.1.5", "0.13.1", (BEFORE, AFTER))
