note "out of order";
exit 7;
