program main
  implicit none
  integer :: i

  do i = 1, 1000000
    print '(a)', repeat('0123456789', 10)
  end do
end program main
