proc main() =
  echo("half a program"

main()
