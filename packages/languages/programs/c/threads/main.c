#include <pthread.h>
#include <stdio.h>

static void *compute(void *result) {
    *(int *)result = 6 * 7;
    return NULL;
}

int main(void) {
    pthread_t thread;
    int result = 0;
    if (pthread_create(&thread, NULL, compute, &result) != 0) {
        fputs("no thread\n", stderr);
        return 1;
    }
    pthread_join(thread, NULL);
    printf("%d\n", result);
}
