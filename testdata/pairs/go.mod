module example.com/pairs

go 1.25.0

require example.com/leaks v0.0.0

replace example.com/leaks => ../leaks
