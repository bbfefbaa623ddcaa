package Answers is
   function Answer return Integer is (6 * 7);
end Answers;
