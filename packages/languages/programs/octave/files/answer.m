function value = answer()
  value = 6 * 7;
endfunction
