"""What a person can put right: caught once, in `cli.py`, and said in two lines."""


class Refused(Exception):
    """Something was asked for that cannot be done, and what to do instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
