program main
  implicit none
  character(len=100) :: name

  read *, name
  print '(a)', 'Hello, ' // trim(name) // '!'
end program main
