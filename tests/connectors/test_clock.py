"""Clocks: what a virtual one does, and that the real one goes on."""

import time

from segue.connectors.clock import SystemClock, VirtualClock


def test_a_virtual_clock_jumps_and_never_goes_back() -> None:
    clock = VirtualClock(1000)
    clock.sleep_until(5000)
    assert clock.now_s() == 5000
    clock.sleep_until(4000)
    assert clock.now_s() == 5000


def test_the_system_clock_does_not_wait_for_what_has_passed() -> None:
    clock = SystemClock()
    clock.sleep_until(0)
    assert abs(clock.now_s() - time.time()) < 2


def test_the_system_clock_waits_until_the_instant() -> None:
    clock = SystemClock()
    instant_s = clock.now_s() + 1
    clock.sleep_until(instant_s)
    assert clock.now_s() >= instant_s
