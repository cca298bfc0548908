# Opens sessions, lessons and checkpoints with the app, for this user only. Run it again after the folder has been moved.
$program = Join-Path $PSScriptRoot "cadl-gui.exe"
$classes = "HKCU:\Software\Classes"
$kinds = @(
    (".cadl", "CADL.Session", "CADL session"),
    (".cadl-lesson", "CADL.Lesson", "CADL lesson"),
    (".keras", "CADL.Checkpoint", "Keras checkpoint")
)
foreach ($kind in $kinds) {
    $ending, $class, $title = $kind
    New-Item -Force "$classes\$ending" -Value $class | Out-Null
    New-Item -Force "$classes\$class" -Value $title | Out-Null
    New-Item -Force "$classes\$class\DefaultIcon" -Value "`"$program`",0" | Out-Null
    New-Item -Force "$classes\$class\shell\open\command" -Value "`"$program`" `"%1`"" | Out-Null
}
