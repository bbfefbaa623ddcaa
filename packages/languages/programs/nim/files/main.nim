import answer

echo theAnswer()
