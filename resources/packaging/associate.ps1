# Opens .keras files with the app, for this user only. Run it again after the folder has been moved.
$program = Join-Path $PSScriptRoot "cadl-gui.exe"
$classes = "HKCU:\Software\Classes"
New-Item -Force "$classes\.keras" -Value "CADL.Checkpoint" | Out-Null
New-Item -Force "$classes\CADL.Checkpoint" -Value "Keras checkpoint" | Out-Null
New-Item -Force "$classes\CADL.Checkpoint\DefaultIcon" -Value "`"$program`",0" | Out-Null
New-Item -Force "$classes\CADL.Checkpoint\shell\open\command" -Value "`"$program`" `"%1`"" | Out-Null
