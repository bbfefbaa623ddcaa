program main
  use answers
  implicit none
  print '(i0)', answer()
end program main
