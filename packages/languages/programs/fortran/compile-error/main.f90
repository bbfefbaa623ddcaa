program main
  implicit none
  print '(a)', 'half a program
end program main
