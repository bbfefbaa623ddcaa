program main
  implicit none
  integer :: status

  call execute_command_line('expr 6 "*" 7', wait=.true., exitstat=status)
  if (status /= 0) stop 1
end program main
