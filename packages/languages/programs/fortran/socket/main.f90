program main
  use, intrinsic :: iso_c_binding
  implicit none

  interface
    integer(c_int) function c_socket(domain, kind, protocol) bind(c, name='socket')
      import :: c_int
      integer(c_int), value :: domain, kind, protocol
    end function c_socket
    integer(c_int) function c_connect(descriptor, address, length) bind(c, name='connect')
      import :: c_int, c_int8_t
      integer(c_int), value :: descriptor, length
      integer(c_int8_t), intent(in) :: address(*)
    end function c_connect
  end interface

  ! struct sockaddr_in: AF_INET, port 80, 192.0.2.1
  integer(c_int8_t) :: address(16)
  integer(c_int) :: descriptor

  address = 0_c_int8_t
  address(1) = 2_c_int8_t
  address(4) = 80_c_int8_t
  address(5:8) = int([192 - 256, 0, 2, 1], c_int8_t)
  descriptor = c_socket(2, 1, 0)
  if (descriptor < 0) then
    print '(a)', 'refused'
  else if (c_connect(descriptor, address, 16) /= 0) then
    print '(a)', 'refused'
  else
    print '(a)', 'connected'
  end if
end program main
