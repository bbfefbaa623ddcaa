include "answer";

answer
