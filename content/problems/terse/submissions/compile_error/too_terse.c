n,i;main(){scanf("%d",&n);for(i=0;i<n*n;)i%n<n+~(i/n)?".."}
