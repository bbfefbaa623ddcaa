#import <objc/Object.h>
#import <objc/runtime.h>
#include <pthread.h>
#include <stdio.h>

@interface Worker : Object {
    int result;
}
+ (Worker *)create;
- (void)compute;
- (int)result;
@end

@implementation Worker
+ (Worker *)create {
    return class_createInstance(self, 0);
}
- (void)compute {
    result = 6 * 7;
}
- (int)result {
    return result;
}
@end

static void *work(void *worker) {
    [(Worker *)worker compute];
    return NULL;
}

int main(void) {
    Worker *worker = [Worker create];
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, worker) != 0) {
        fputs("no thread\n", stderr);
        return 1;
    }
    pthread_join(thread, NULL);
    printf("%d\n", [worker result]);
}
