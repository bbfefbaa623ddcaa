program main
  use, intrinsic :: iso_fortran_env, only: error_unit
  implicit none
  write (error_unit, '(a)') 'out of order'
  stop 7
end program main
