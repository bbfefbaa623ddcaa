val () = app (fn argument => print (argument ^ "\n")) (CommandLine.arguments ())
