program main
  use, intrinsic :: iso_fortran_env, only: input_unit, output_unit
  implicit none
  character(len=4096) :: line
  integer :: size, status

  do
    read (input_unit, '(a)', advance='no', size=size, iostat=status) line
    if (is_iostat_end(status)) exit
    write (output_unit, '(a)') line(:size)
  end do
end program main
