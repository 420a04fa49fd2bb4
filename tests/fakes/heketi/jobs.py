# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue: what was accepted goes on by itself, and its result can be read once."""

from types import SimpleNamespace

from .wire import Answer, Failure, Refusal, linked, no_content, refused


class Queue:
    """Jobs that end after a time. Lives in memory, so a restart loses it."""

    def __init__(self, app):
        self._app = app
        self._jobs = {}

    def add(self, finish, throttled=False):
        """Queue what finish() does at its end; it returns the place to look at, or None. Return the job's path."""
        job_id = self._app.ids("queue")
        due = self._app.clock.monotonic() + self._app.duration
        self._jobs[job_id] = SimpleNamespace(finish=finish, due=due, answer=None, throttled=throttled)
        return "/queue/" + job_id

    def advance(self):
        """End the jobs whose time has come, in the order in which they came."""
        for job in list(self._jobs.values()):
            if job.answer is None and job.due <= self._app.clock.monotonic():
                job.answer = _ended(job.finish)

    def busy(self):
        """Number of jobs under way that count against max_inflight_operations."""
        return len([job for job in self._jobs.values() if job.throttled and job.answer is None])

    def poll(self, job_id):
        job = self._jobs.get(job_id)
        if job is None:
            raise Refusal(404, "Id not found")
        if job.answer is None:
            return Answer(200, {"X-Pending": "true"})
        del self._jobs[job_id]
        return job.answer


def _ended(finish):
    try:
        location = finish()
    except Failure as failure:
        return refused(500, str(failure))
    return linked(303, location, "See Other") if location else no_content()
