"""`peer-challenge`, and `python -m cli`: here Ctrl-C ends in words already while the rest is imported."""

from cli.ctrl_c import stop
from peer_challenge.system.child_process import end_with_starter
from peer_challenge.system.file_modes import close_to_others


def main() -> None:
    """Import the command line, which takes a moment, and run it; what it makes is for its account only."""
    close_to_others()
    end_with_starter()
    try:
        from cli.main import main as run
    except KeyboardInterrupt:
        stop()
    run()


if __name__ == "__main__":
    main()
