@echo off
rem Starts the service of Peer Challenge on Windows, in the Windows Subsystem for Linux (docs/windows.md).
rem Double-click it. Close its window to stop the service.
setlocal
cd /d "%~dp0"
title Peer Challenge

where wsl.exe >nul 2>nul
if errorlevel 1 goto no_wsl
wsl.exe -e true >nul 2>nul
if errorlevel 1 goto no_wsl

echo Peer Challenge is starting. The first time takes a few minutes.
echo Your browser opens when it answers. Close this window to stop it.
start "" /min powershell.exe -NoProfile -Command "for ($i = 0; $i -lt 900; $i++) { try { Invoke-WebRequest -UseBasicParsing http://localhost:8080/health/live | Out-Null; Start-Process http://localhost:8080/; exit } catch { Start-Sleep 1 } }"
wsl.exe -e bash scripts/start_in_wsl.sh
pause
exit /b

:no_wsl
echo The Windows Subsystem for Linux is missing.
echo Open "Terminal (Admin)" from the Start menu, type:  wsl --install
echo Start Windows again, then double-click this file again.
pause
exit /b 1
