import threading

results = []
thread = threading.Thread(target=lambda: results.append(6 * 7))
thread.start()
thread.join()
print(results[0])
