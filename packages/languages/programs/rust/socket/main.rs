use std::net::TcpStream;

fn main() {
    match TcpStream::connect(("192.0.2.1", 80)) {
        Ok(_) => println!("connected"),
        Err(_) => println!("refused"),
    }
}
