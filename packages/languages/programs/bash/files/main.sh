source ./answer.sh

answer
