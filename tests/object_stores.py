"""A real S3 server on loopback, to publish generations in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

_KEYS = {
    "AWS_ACCESS_KEY_ID": "an-id",
    "AWS_SECRET_ACCESS_KEY": "a-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class S3Server:
    """An S3 server on loopback. It can be stopped and started again: its buckets, and its port, stay the same."""

    port: int = 0
    _server: ThreadedMotoServer | None = None

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()
        _, self.port = self._server.get_host_and_port()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a process finds this server, and nothing else."""
        return {**_KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}

    def bucket(self, name: str) -> Any:
        """Return an empty bucket of this name."""
        config = Config(retries={"total_max_attempts": 1})
        names = {"aws_access_key_id": "an-id", "aws_secret_access_key": "a-secret", "region_name": "us-east-1"}
        s3 = boto3.resource("s3", endpoint_url=self.environment["AWS_ENDPOINT_URL"], config=config, **names)
        bucket = s3.Bucket(name)
        bucket.create()
        bucket.objects.all().delete()
        return bucket

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
