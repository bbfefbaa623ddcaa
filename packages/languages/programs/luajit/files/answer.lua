return function()
  return 6 * 7
end
