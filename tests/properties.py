"""How often a property is tried: as often as it says in the whole run, a fifth of that in the quick one."""

from hypothesis import settings


def examples(whole: int) -> settings:
    """Settings for so many examples in the whole run; the profile says how many in a hundred of them there are now."""
    return settings(max_examples=max(1, whole * settings().max_examples // 100))
