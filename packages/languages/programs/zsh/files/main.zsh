source ./answer.zsh
answer
