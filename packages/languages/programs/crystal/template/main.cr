name = gets
puts "Hello, #{name}!" if name
