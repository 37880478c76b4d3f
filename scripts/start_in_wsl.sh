#!/usr/bin/env bash
# What start-on-windows.cmd runs in the Windows Subsystem for Linux: the service, with inbox and outbox in the folder
# of the program, where Windows sees them, and everything else in Linux. A register in a folder of Windows would not
# do: SQLite's locks do not hold there.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v make >/dev/null || ! python3 -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Linux lacks a program. Type these two lines here, then double-click start-on-windows.cmd again:"
    echo "    sudo apt update"
    echo "    sudo apt install -y make python3-venv python3-pip"
    exec bash
fi
export PEER_CHALLENGE_HOME="${PEER_CHALLENGE_HOME:-$HOME/peer-challenge}"
export PEER_CHALLENGE_INBOX="${PEER_CHALLENGE_INBOX:-$PWD/inbox}"
export PEER_CHALLENGE_OUTBOX="${PEER_CHALLENGE_OUTBOX:-$PWD/outbox}"
export PEER_CHALLENGE_POLL=true # Windows does not tell Linux of new files
mkdir -p "$PEER_CHALLENGE_HOME"
make setup
[ -e "$PEER_CHALLENGE_HOME/var/register.db" ] || .venv/bin/peer-challenge migrate
exec .venv/bin/peer-challenge serve
