use Answer;

say answer;
