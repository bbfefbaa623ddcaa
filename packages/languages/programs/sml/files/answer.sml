fun answer () = 6 * 7
