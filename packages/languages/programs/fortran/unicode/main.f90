program main
  implicit none
  print '(a)', 'Grüße, 世界! ∑ 🙂'
end program main
