"""`peer-challenge` and `python -m cli`: Ctrl-C gives a message even while the program is still imported."""

from cli.ctrl_c import exit_interrupted
from peer_challenge.system.end_with_parent import end_with_starter
from peer_challenge.system.file_modes import close_to_others


def main() -> None:
    """Import the command line, which takes a moment, and run it; files it makes are for its account only."""
    close_to_others()
    end_with_starter()
    try:
        from cli.main import main as run
    except KeyboardInterrupt:
        exit_interrupted()
    run()


if __name__ == "__main__":
    main()
