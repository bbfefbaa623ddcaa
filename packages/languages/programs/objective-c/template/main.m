#import <objc/Object.h>
#include <stdio.h>

@interface Greeter : Object
+ (void)greet:(const char *)name;
@end

@implementation Greeter
+ (void)greet:(const char *)name {
    printf("Hello, %s!\n", name);
}
@end

int main(void) {
    char name[100];
    if (scanf("%99s", name) == 1) {
        [Greeter greet:name];
    }
}
