package store
import ("testing")
func TestZZ(t *testing.T){
 for _,a:=range []string{"mongodb://user:geheim/word@example.org/","mongodb://user:geheim@example.org:99999999/","mongodb://example.org/a b","mongodb://127.0.0.1:1/","mongodb://user:pw@127.0.0.1:27117/", "mongodb://127.0.0.1:27117/?replicaSet=rs0","mongodb://127.0.0.1:27117/?tls=true"}{
  _,err:=OpenMongo(t.Context(),a,MongoOptions{}); t.Log(a,"=>",err)
 }}
