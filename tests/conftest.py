"""What every test run shares: how hard Hypothesis looks for a counterexample.

The usual run takes the same examples each time, so that CI answers for the change and for nothing else. The long run
looks further, at random, and prints how to replay what it finds: `pytest --hypothesis-profile=long`.
"""

from hypothesis import settings

settings.register_profile("usual", max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile("usual")
