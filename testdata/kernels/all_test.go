package kernels

import (
	"example.com/kernels/cockroach10214"
	"example.com/kernels/cockroach1055"
	"example.com/kernels/cockroach10790"
	"example.com/kernels/cockroach13197"
	"example.com/kernels/cockroach13755"
	"example.com/kernels/cockroach1462"
	"example.com/kernels/cockroach16167"
	"example.com/kernels/cockroach18101"
	"example.com/kernels/cockroach2448"
	"example.com/kernels/cockroach24808"
	"example.com/kernels/cockroach25456"
	"example.com/kernels/cockroach35073"
	"example.com/kernels/cockroach35931"
	"example.com/kernels/cockroach3710"
	"example.com/kernels/cockroach584"
	"example.com/kernels/cockroach6181"
	"example.com/kernels/cockroach7504"
	"example.com/kernels/cockroach9935"
	"example.com/kernels/etcd10492"
	"example.com/kernels/etcd5509"
	"example.com/kernels/etcd6708"
	"example.com/kernels/etcd6857"
	"example.com/kernels/etcd6873"
	"example.com/kernels/etcd7492"
	"example.com/kernels/etcd7902"
	"example.com/kernels/grpc1275"
	"example.com/kernels/grpc1424"
	"example.com/kernels/grpc1460"
	"example.com/kernels/grpc3017"
	"example.com/kernels/grpc660"
	"example.com/kernels/grpc795"
	"example.com/kernels/grpc862"
	"example.com/kernels/hugo3251"
	"example.com/kernels/hugo5379"
	"example.com/kernels/istio16224"
	"example.com/kernels/istio17860"
	"example.com/kernels/istio18454"
	"example.com/kernels/kubernetes10182"
	"example.com/kernels/kubernetes11298"
	"example.com/kernels/kubernetes13135"
	"example.com/kernels/kubernetes1321"
	"example.com/kernels/kubernetes25331"
	"example.com/kernels/kubernetes26980"
	"example.com/kernels/kubernetes30872"
	"example.com/kernels/kubernetes38669"
	"example.com/kernels/kubernetes5316"
	"example.com/kernels/kubernetes58107"
	"example.com/kernels/kubernetes62464"
	"example.com/kernels/kubernetes6632"
	"example.com/kernels/kubernetes70277"
	"example.com/kernels/moby17176"
	"example.com/kernels/moby21233"
	"example.com/kernels/moby25384"
	"example.com/kernels/moby27782"
	"example.com/kernels/moby28462"
	"example.com/kernels/moby30408"
	"example.com/kernels/moby33781"
	"example.com/kernels/moby36114"
	"example.com/kernels/moby4951"
	"example.com/kernels/moby7559"
	"example.com/kernels/serving2137"
	"example.com/kernels/syncthing4829"
	"example.com/kernels/syncthing5795"
)

// fixed maps the name of a kernel to its fixed form.
var fixed = map[string]func(){
	"cockroach10214":  cockroach10214.Run,
	"cockroach1055":   cockroach1055.Run,
	"cockroach10790":  cockroach10790.Run,
	"cockroach13197":  cockroach13197.Run,
	"cockroach13755":  cockroach13755.Run,
	"cockroach1462":   cockroach1462.Run,
	"cockroach16167":  cockroach16167.Run,
	"cockroach18101":  cockroach18101.Run,
	"cockroach2448":   cockroach2448.Run,
	"cockroach24808":  cockroach24808.Run,
	"cockroach25456":  cockroach25456.Run,
	"cockroach35073":  cockroach35073.Run,
	"cockroach35931":  cockroach35931.Run,
	"cockroach3710":   cockroach3710.Run,
	"cockroach584":    cockroach584.Run,
	"cockroach6181":   cockroach6181.Run,
	"cockroach7504":   cockroach7504.Run,
	"cockroach9935":   cockroach9935.Run,
	"etcd10492":       etcd10492.Run,
	"etcd5509":        etcd5509.Run,
	"etcd6708":        etcd6708.Run,
	"etcd6857":        etcd6857.Run,
	"etcd6873":        etcd6873.Run,
	"etcd7492":        etcd7492.Run,
	"etcd7902":        etcd7902.Run,
	"grpc1275":        grpc1275.Run,
	"grpc1424":        grpc1424.Run,
	"grpc1460":        grpc1460.Run,
	"grpc3017":        grpc3017.Run,
	"grpc660":         grpc660.Run,
	"grpc795":         grpc795.Run,
	"grpc862":         grpc862.Run,
	"hugo3251":        hugo3251.Run,
	"hugo5379":        hugo5379.Run,
	"istio16224":      istio16224.Run,
	"istio17860":      istio17860.Run,
	"istio18454":      istio18454.Run,
	"kubernetes10182": kubernetes10182.Run,
	"kubernetes11298": kubernetes11298.Run,
	"kubernetes13135": kubernetes13135.Run,
	"kubernetes1321":  kubernetes1321.Run,
	"kubernetes25331": kubernetes25331.Run,
	"kubernetes26980": kubernetes26980.Run,
	"kubernetes30872": kubernetes30872.Run,
	"kubernetes38669": kubernetes38669.Run,
	"kubernetes5316":  kubernetes5316.Run,
	"kubernetes58107": kubernetes58107.Run,
	"kubernetes62464": kubernetes62464.Run,
	"kubernetes6632":  kubernetes6632.Run,
	"kubernetes70277": kubernetes70277.Run,
	"moby17176":       moby17176.Run,
	"moby21233":       moby21233.Run,
	"moby25384":       moby25384.Run,
	"moby27782":       moby27782.Run,
	"moby28462":       moby28462.Run,
	"moby30408":       moby30408.Run,
	"moby33781":       moby33781.Run,
	"moby36114":       moby36114.Run,
	"moby4951":        moby4951.Run,
	"moby7559":        moby7559.Run,
	"serving2137":     serving2137.Run,
	"syncthing4829":   syncthing4829.Run,
	"syncthing5795":   syncthing5795.Run,
}
