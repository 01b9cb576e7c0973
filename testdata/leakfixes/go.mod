module example.com/leakfixes

go 1.25.0
