("0123456789" * 10) as $line | range(1000000) | $line
