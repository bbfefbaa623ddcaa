program main
  implicit none
  integer :: number
  character(len=5) :: text

  text = 'three'
  read (text, *) number
  print *, number
end program main
