"""A replay to show."""

from dockeropt.replay.model import Bounds, History, Replay, StepCount

_STEPS = (
    StepCount("[build 2/5] WORKDIR /app", "other", 20, 200, 0, 0, 0, 0, 0, None, 0.0, is_measured=False),
    StepCount("[build 3/5] COPY . .", "copy", 40, 200, 187, 187, 187, 0, 0, None, 1.0, is_measured=False),
    StepCount(
        "[build 4/5] RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund --prefer-offline",
        "install of dependencies", 60, 200, 187, 187, 23, 164, 164, 23, 60.0, is_measured=False,
    ),
    StepCount(
        "[build 5/5] RUN npm run build", "build", 90, 200, 187, 187, 187, 0, 0, None, 30.0, is_measured=False
    ),
    StepCount(
        "[stage-1 2/2] COPY --from=build /app/dist /app", "copy",
        120, 200, 100, 187, 100, 0, 87, None, 1.0, is_measured=True,
    ),
)  # fmt: skip


def _replay(name: str, seconds: float) -> Replay:
    return Replay(
        name, "Dockerfile", name != "history", 200, 0, _STEPS, 0,
        Bounds(0.4, 0.47), Bounds(seconds, seconds + 1), 40.0,
        takes_git=True, missing=("dist",), volatile=("COMMIT",),
    )  # fmt: skip


HISTORY = History(
    "main", "a" * 40, "b" * 40, 1_750_000_000, 1_767_000_000, 200, False,
    (_replay("history", 90.0), _replay("now", 90.0), _replay("--unsafe-fixes", 51.0)),
)  # fmt: skip
