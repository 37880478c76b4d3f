"""Who gets an answer from Dask, a line for each: `python -m tests.flows.dask_strangers FOLDER`.

Run by test_dask.py in a process of its own.
"""

import os
import ssl
import sys
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster, Security

from flows.runners import runner_of_bulk

SECONDS = 60  # for our own: the machine may be busy. A stranger is refused at once


class Careless(Security):  # type: ignore[misc]  # distributed has no types
    """A stranger's keys: takes every certificate of the other side, and shows its own or none."""

    def __init__(self, certificate: Path | None) -> None:
        super().__init__()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        if certificate is not None:
            self.context.load_cert_chain(certificate)

    def get_connection_args(self, role: str) -> dict[str, Any]:
        """What a connection is made with."""
        return {"ssl_context": self.context, "require_encryption": True}


def ask(address: Any, **given: Any) -> str:
    """What somebody gets who has a sum worked out: the sum, or `refused`."""
    try:
        with Client(address, **{**given, "set_as_default": False}) as client:
            return str(client.submit(sum, [1, 2]).result(timeout=SECONDS))
    except OSError:
        return "refused"


def main(folder: Path) -> None:
    """Ask the workers of a run of its own as we do and as strangers, then a scheduler with certificates."""
    keys = Security.temporary()
    mine, key = folder / "certificate.pem", folder / "key.pem"
    mine.write_text(keys.tls_client_cert)
    key.write_text(keys.tls_client_key)
    both = folder / "both.pem"
    both.write_text(keys.tls_client_cert + keys.tls_client_key)
    os.environ["PEER_CHALLENGE_DASK"] = "local"
    with LocalCluster(**runner_of_bulk().cluster_kwargs) as cluster:
        print("ours", ask(cluster, timeout=SECONDS))
        worker = next(iter(cluster.workers.values())).worker_address
        for address in (cluster.scheduler_address, worker):
            print("plain", ask(address.replace("tls://", "tcp://"), timeout=5))
            print("no certificate", ask(address, security=Careless(None), timeout=5))
            print("another certificate", ask(address, security=Careless(both), timeout=5))
    with LocalCluster(n_workers=1, processes=False, dashboard_address=None, security=keys) as cluster:
        os.environ |= {"PEER_CHALLENGE_DASK": cluster.scheduler_address, "PEER_CHALLENGE_DASK_KEY": str(key)}
        os.environ |= {"PEER_CHALLENGE_DASK_CA": str(mine), "PEER_CHALLENGE_DASK_CERTIFICATE": str(mine)}
        runner = runner_of_bulk()
        print("ours", ask(runner.address, **runner.client_kwargs, timeout=SECONDS))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
