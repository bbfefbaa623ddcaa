void main () {
    print ("half a program"
}
