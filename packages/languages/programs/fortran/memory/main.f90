program main
  use, intrinsic :: iso_fortran_env, only: int8, int64
  implicit none
  type :: piece
    integer(int8), allocatable :: bytes(:)
  end type piece
  type(piece) :: pieces(128)
  integer(int64) :: total
  integer :: i

  total = 0
  do i = 1, 128
    allocate (pieces(i)%bytes(8 * 1024 * 1024))
    pieces(i)%bytes = 1_int8
  end do
  do i = 1, 128
    total = total + count(pieces(i)%bytes == 1)
  end do
  print '(a, i0)', 'too much ', total
end program main
