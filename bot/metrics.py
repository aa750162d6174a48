"""What is counted, in the form of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from handlers.turn import Reply

_LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = self._counter("turns", "Turns handled.", ["channel"])
        self._answers = self._counter("answers", "Answers given.", ["status"])
        self._sent = self._counter("replies_sent", "Replies delivered.", ["channel"])
        self._lost = self._counter("replies_lost", "Replies that a channel refused.", ["channel"])
        self._latency = Histogram(
            "policybot_turn_seconds", "From a turn's arrival to its replies being stored.", ["channel"],
            buckets=_LATENCY_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge(
            "policybot_waiting", "Turns and replies that wait.", ["queue"], registry=self.registry
        )
        self.listeners = Gauge(
            "policybot_web_clients", "Web pages connected to this process.", registry=self.registry
        )

    def _counter(self, name: str, told: str, labels: list[str]) -> Counter:
        return Counter(f"policybot_{name}", told, labels, registry=self.registry)

    def turn_handled(self, channel: str, seconds: float, replies: Iterable[Reply]) -> None:
        self._turns.labels(channel).inc()
        self._latency.labels(channel).observe(seconds)
        for reply in replies:
            if reply.status:
                self._answers.labels(reply.status).inc()

    def reply_sent(self, channel: str) -> None:
        self._sent.labels(channel).inc()

    def reply_lost(self, channel: str) -> None:
        self._lost.labels(channel).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
