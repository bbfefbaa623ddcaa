program main
  use omp_lib
  implicit none
  integer :: results(2)

  !$omp parallel num_threads(2)
  results(omp_get_thread_num() + 1) = 21 * omp_get_num_threads() / 2
  !$omp end parallel
  print '(i0)', sum(results)
end program main
